"""Facts to pages: diagrams, Markdown, mathematics, and the MkDocs build."""
