"""意向登记: received, visited, converted into applications."""
