"""Pictures as SVG: ladders and charts, drawn without any library, for pages, files and paper."""
