"""Filters for the fields of the prepare page."""

from django import template

from alignment.rules.formatting import plain

register = template.Library()
register.filter("plain", plain)
