"""From answers that people liked to a model of one's own: prepare data, plan where it is served."""
