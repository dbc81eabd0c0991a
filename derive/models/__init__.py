"""Models as the book's layers: networks, files of ONNX, and lists of layers that someone types."""
