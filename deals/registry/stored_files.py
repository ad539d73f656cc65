"""The uploaded files of imports go when somebody in them is erased."""

from alignment.erasure.files import register_files
from deals.import_runs.expiry import delete_files_of

register_files(delete_files_of)
