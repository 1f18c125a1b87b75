"""Reading and checking form definitions: the YAML files that declare what people are asked and told."""
