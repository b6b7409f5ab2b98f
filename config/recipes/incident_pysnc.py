"""An incident by `PySNC`: incident_pysnc.py https://gateway.example.org user password ca.crt "Disk full"."""

import sys

from pysnc import ServiceNowClient

address, user, password, ca_file, summary = sys.argv[1:]
client = ServiceNowClient(address, (user, password), verify=ca_file)
incident = client.GlideRecord("incident")
incident.initialize()
incident.short_description = summary
incident.insert()
print(incident.number)
