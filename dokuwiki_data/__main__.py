"""``python -m dokuwiki_data`` is the command."""

import sys

from dokuwiki_data.cli import main

sys.exit(main())
