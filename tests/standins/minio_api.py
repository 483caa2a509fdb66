# A stand-in for the health checks of MinIO: enough drives to read and to write, but not when this server went.
#
#	minio_api.py LOG
import sys
import web

web.serve([
    ("GET", "/minio/health/live", lambda c: (200, "")),
    ("GET", "/minio/health/cluster", lambda c: (412 if c.query.get("maintenance") == "true" else 200, "", {"X-Minio-Write-Quorum": "3"})),
    ("GET", "/minio/health/cluster/read", lambda c: (503, "", {"X-Minio-Read-Quorum": "2"})),
], lambda headers: None, sys.argv[1])
