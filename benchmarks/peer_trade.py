"""A counterfactual of trade by gegravity, run in a process of its own."""

from __future__ import annotations

import time
import warnings
from importlib.metadata import version
from typing import Any

import numpy as np


def gegravity_counterfactual(file: str, sigma: float) -> dict[str, Any]:
    """Solve base and counterfactual of a world.

    Parameters
    ----------
    file
        NumPy archive with countries, flows and ratio (new over old trade costs), exporters in rows.
    sigma
        Elasticity of substitution.

    Returns
    -------
    dict
        Seconds of the base and of the counterfactual, whether its solvers report convergence, its changes of real GDP
        in percent in the order of the countries, and its version.
    """
    import gegravity  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    data = np.load(file)
    names, flows, ratio = [str(name) for name in data["countries"]], data["flows"], data["ratio"]
    count = len(names)
    table = pd.DataFrame(
        {
            "exporter": np.repeat(names, count),
            "importer": np.tile(names, count),
            "year": "2020",
            "trade": flows.ravel(),
            "Y": np.repeat(flows.sum(axis=1), count),
            "E": np.tile(flows.sum(axis=0), count),
            # Costs to the power 1 - sigma are the exponential of this: resistances then give the flows themselves.
            "pull": np.log(flows.ravel()),
        }
    )
    coefficients = gegravity.CostCoeffs(
        pd.DataFrame({"var": ["pull"], "coeff": [1.0], "ste": [0.1]}),
        identifier_col="var",
        coeff_col="coeff",
        stderr_col="ste",
    )
    base = gegravity.BaselineData(table, trade_var_name="trade", expend_var_name="E", output_var_name="Y")
    warnings.simplefilter("ignore")
    start = time.perf_counter()
    model = gegravity.OneSectorGE(
        base,
        year="2020",
        reference_importer=names[0],
        sigma=sigma,
        cost_variables=["pull"],
        cost_coeff_values=coefficients,
        quiet=True,
    )
    model.build_baseline()
    built = time.perf_counter()
    changed = model.baseline_data.copy()
    changed["pull"] += (1 - sigma) * np.log(ratio.ravel())
    model.define_experiment(changed.drop(columns="index"))
    model.simulate()
    done = time.perf_counter()
    real_gdp = model.country_results["GDP change (percent)"].loc[names]
    return {
        "base_s": built - start,
        "counterfactual_s": done - built,
        "converged": all(bool(one["success"]) for one in model.solver_diagnostics.values()),
        "real_gdp_percent": real_gdp.tolist(),
        "version": version("gegravity"),
    }
