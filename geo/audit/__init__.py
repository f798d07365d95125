"""Cross whole files of flights: in parts, on several processors or machines, and restartable.

Rows are read in order and cut into parts of a fixed number. A part is crossed by one pure function,
`geo.audit.work.audit_part`, wherever it runs; it leaves its tables and a receipt in a folder beside
the output. What has a receipt is never done again. When all have, they are joined in order.
"""
