"""What the web server loads."""

import sys

from pst import create_app
from pst.server.config_values import BadSetting

try:
    app = create_app()
except BadSetting as error:
    sys.exit(f"A setting is wrong: {error}")
