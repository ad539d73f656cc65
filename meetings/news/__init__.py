"""What the other side did since the reader last looked, read from the rows' own stamps: there is no table of events."""

from meetings.news.build import news_of
from meetings.news.values import News, NewsItem, NewsTeam

__all__ = ["News", "NewsItem", "NewsTeam", "news_of"]
