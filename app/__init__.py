"""Transfer Pathways: owns step up and step down between Early Help and children's social care."""
