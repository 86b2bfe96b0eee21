"""Beancount's door: directives in, directives and errors out."""
