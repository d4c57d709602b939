"""Build the bundled study ``china-kyrgyzstan`` from the folder of gathered facts.

Run ``python -m tools.china_kyrgyzstan FACTS``. The same facts give the same bytes.
"""
