// Tables: a press on a head sorts, a button copies for a spreadsheet, and rows become cards on a telephone.
(function () {
  "use strict";
  const words = JSON.parse(document.getElementById("table-words").textContent);
  const FEW = 6;  // columns up to which a card lists its cells one under the other

  // The heads over each column of cells, from the top down.
  function headsOf(table) {
    const columns = [];
    Array.from(table.tHead.rows).forEach((row, level) => {
      let column = 0;
      Array.from(row.cells).forEach(cell => {
        while (columns[column] && columns[column][level]) { column += 1; }
        for (let across = 0; across < cell.colSpan; across += 1) {
          for (let down = 0; down < cell.rowSpan; down += 1) {
            columns[column + across] = columns[column + across] || [];
            columns[column + across][level + down] = cell;
          }
        }
        column += cell.colSpan;
      });
    });
    return columns.map(cells => Array.from(new Set(cells)));
  }

  function rowsOf(body) {
    return Array.from(body.rows).filter(row => !row.classList.contains("group"));
  }

  function textOf(cell) {
    return cell.textContent.replace(/[\u2066-\u2069]/g, "").replace(/\s+/g, " ").trim();
  }

  // The number that a cell stands for, as it was before it was rounded and written; null for a text.
  function numberOf(cell) {
    const value = cell ? cell.dataset.value : undefined;
    return value === undefined || value === "" ? null : Number(value);
  }

  function compared(one, other, way) {
    const [a, b] = [numberOf(one), numberOf(other)];
    if (a !== null && b !== null) { return way * (a - b); }
    // What has no number stands at the end, whichever way a column of numbers is sorted.
    if (a !== null || b !== null) { return a !== null ? -1 : 1; }
    return way * textOf(one).localeCompare(textOf(other), document.documentElement.lang, { numeric: true });
  }

  function sort(table, head, column) {
    const isNumeric = head.classList.contains("n");
    const before = head.getAttribute("aria-sort");
    const next = before === null ? (isNumeric ? "descending" : "ascending") : before === "descending" ? "ascending" : "descending";
    table.querySelectorAll("[aria-sort]").forEach(each => each.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", next);
    // Rows stay in their groups.
    Array.from(table.tBodies).forEach(body => {
      const rows = rowsOf(body);
      rows.sort((one, other) => compared(one.cells[column], other.cells[column], next === "ascending" ? 1 : -1));
      body.append(...rows);
    });
  }

  function makeSortable(table, heads) {
    if (!Array.from(table.tBodies).some(body => rowsOf(body).length > 1)) { return; }
    heads.forEach((cells, column) => {
      const head = cells[cells.length - 1];
      if (head.colSpan > 1 || !textOf(head)) { return; }
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sorter";
      button.title = words.sort;
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, head, column));
      head.append(button);
    });
  }

  // Cells of a table as they go to a spreadsheet: numbers as they are, with their unit in a column of its own.
  function cellsOf(table, heads) {
    const titles = heads.map(cells => cells.map(textOf).join(": "));
    const bodies = Array.from(table.tBodies);
    const withUnit = heads.map((_, column) => bodies.some(body => rowsOf(body).some(row => row.cells[column] && row.cells[column].dataset.unit)));
    const spread = (row, make, unit) => row.flatMap((each, column) => withUnit[column] ? [make(each), unit(each)] : [make(each)]);
    const lines = [spread(titles, title => ({ text: title }), () => ({ text: "" }))];
    bodies.forEach(body => {
      const group = body.querySelector("tr.group");
      if (group) { lines.push([{ text: textOf(group) }]); }
      rowsOf(body).forEach(row => lines.push(spread(
        Array.from(row.cells), cell => ({ text: textOf(cell), number: numberOf(cell) }), cell => ({ text: cell.dataset.unit || "" })
      )));
    });
    return lines;
  }

  // As a table too: spreadsheets read its numbers right in every language, whatever their decimal sign.
  function markupOf(lines) {
    const page = document.implementation.createHTMLDocument(""), table = page.createElement("table");
    page.documentElement.setAttribute("xmlns:x", "urn:schemas-microsoft-com:office:excel");
    page.body.append(table);
    lines.forEach(line => {
      const row = table.insertRow();
      line.forEach(each => {
        const cell = row.insertCell(), isNumber = each.number !== null && each.number !== undefined;
        cell.textContent = isNumber ? String(each.number) : each.text;
        if (isNumber) { cell.setAttribute("x:num", each.number); cell.setAttribute("sdval", each.number); }
      });
    });
    return page.documentElement.outerHTML;
  }

  function plainOf(lines) {
    return lines.map(line => line.map(each => each.number === null || each.number === undefined ? each.text : String(each.number)).join("\t")).join("\n");
  }

  // This way of copying asks nobody and works in a page opened from a folder.
  function copy(table, heads) {
    const lines = cellsOf(table, heads);
    let done = false;
    const fill = event => {
      event.clipboardData.setData("text/plain", plainOf(lines));
      event.clipboardData.setData("text/html", markupOf(lines));
      event.preventDefault();
      done = true;
    };
    document.addEventListener("copy", fill, { once: true });
    document.execCommand("copy");
    document.removeEventListener("copy", fill);
    return done;
  }

  function addTools(frame, table, heads) {
    const tools = document.createElement("div"), button = document.createElement("button"), said = document.createElement("span");
    tools.className = "table-tools";
    button.type = "button";
    button.textContent = words.copy;
    button.title = words.copy_table;
    button.setAttribute("aria-label", words.copy_table + ": " + textOf(table.caption));
    said.setAttribute("role", "status");
    said.className = "soft";
    button.addEventListener("click", () => {
      said.textContent = copy(table, heads) ? words.copied : "";
      setTimeout(() => { said.textContent = ""; }, 3000);
    });
    tools.append(said, button);
    frame.before(tools);
  }

  // On a telephone each row is a card. Cards need the head of each cell beside it; roles keep the rows and cells of what is laid out otherwise.
  function makeCards(frame, table, heads) {
    frame.classList.add("cards");
    if (heads.length > FEW) { frame.classList.add("close"); }
    table.setAttribute("role", "table");
    table.querySelectorAll("thead, tbody").forEach(part => part.setAttribute("role", "rowgroup"));
    table.querySelectorAll("tr").forEach(row => row.setAttribute("role", "row"));
    table.querySelectorAll("thead th").forEach(cell => cell.setAttribute("role", "columnheader"));
    table.querySelectorAll("tbody th").forEach(cell => cell.setAttribute("role", "rowheader"));
    Array.from(table.tBodies).forEach(body => rowsOf(body).forEach(row => {
      Array.from(row.cells).slice(1).forEach((cell, place) => {
        cell.setAttribute("role", "cell");
        cell.dataset.head = heads[place + 1] ? heads[place + 1].map(textOf).join(": ") : "";
        if (textOf(cell).length > 60) { cell.classList.add("long"); }
      });
    }));
  }

  document.querySelectorAll(".scroll > table").forEach(table => {
    if (!table.tHead || !table.caption) { return; }
    const heads = headsOf(table), frame = table.parentElement;
    if (heads.length > 1) { makeCards(frame, table, heads); }
    makeSortable(table, heads);
    addTools(frame, table, heads);
  });
})();
