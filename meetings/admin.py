from alignment.admin import register_all

register_all("meetings")
