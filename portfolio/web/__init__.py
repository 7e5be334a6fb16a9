"""The edge that people see: pages, forms and downloads. Knows Flask; decides nothing."""
