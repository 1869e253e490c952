"""Runs the tests beside it and has ONNX's own checker judge every file that they export: networks of each layer kind and activation, ensembles, several outputs, and whole pipelines.

Usage: check.py [ARGUMENTS OF THE TEST PROGRAM], with Debian's python3-onnx or another package "onnx"
Ends in failure where a test does, where there are no files, or where the checker or strict inference of shapes finds a fault.
"""
import collections
import os
import pathlib
import subprocess
import sys
import tempfile

import onnx


def leave_out_metadata(graph):
    """ML.NET writes the names of slots as nodes that compute nothing, and declares shapes for them that they do not have."""
    for nodes in (graph.node, graph.output):
        for item in [item for item in nodes if item.name.startswith("mlnet.")]:
            nodes.remove(item)


project = pathlib.Path(__file__).resolve().parent
with tempfile.TemporaryDirectory() as folder:
    command = ["dotnet", "run", "-c", "Release", "--project", str(project), "--", *sys.argv[1:]]
    is_tested = subprocess.run(command, env={**os.environ, "ONNX_FILES": folder}).returncode == 0
    versions, faults = collections.Counter(), []
    for path in sorted(pathlib.Path(folder).glob("*.onnx")):
        model = onnx.load(path)
        versions[", ".join(f"{opset.domain or 'ai.onnx'} {opset.version}" for opset in model.opset_import)] += 1
        leave_out_metadata(model.graph)
        try:
            onnx.checker.check_model(model, full_check=True)
            onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
        except Exception as fault:
            faults.append(f"{path.stem}: {fault}")

for fault in faults:
    print(fault, file=sys.stderr)
for version, count in sorted(versions.items()):
    print(f"{count} files of {version}")
print(f"onnx {onnx.__version__}: {sum(versions.values()) - len(faults)} files passed, {len(faults)} failed" + ("" if is_tested else "; tests failed too"))
sys.exit(0 if is_tested and versions and not faults else 1)
