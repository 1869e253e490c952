using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>What can be written as an ONNX model: networks, and the trained models of pipelines. The package MLNet.DenseNet.Onnx writes them.</summary>
public interface IOnnxExportable
{
    /// <summary>The computation of a prediction, as a graph with named inputs and outputs.</summary>
    internal OnnxGraph ToOnnx();
}
