using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The smooth clipping as nodes of an ONNX graph.</summary>
internal static class ClippingToOnnx
{
    /// <summary>Adds them.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="values">The name of what is clipped.</param>
    /// <param name="limit">As in <see cref="SmoothClipping"/>.</param>
    /// <returns>The name of what comes out.</returns>
    public static string Add(OnnxGraph graph, string values, float limit)
    {
        // The square of what is farther than this could exceed float32.
        var farthest = limit * SmoothClipping.Farthest;
        var z = graph.Node("Max", [graph.Node("Min", [values, graph.Number(farthest)]), graph.Number(-farthest)]);
        var share = graph.Node("Mul", [z, graph.Number(1 / limit)]);
        // The engine rounds the sum once. Functions of single numbers may be so steep behind this that the last bit matters, so the product is left exact.
        var exact = graph.Node("Cast", [share], ("to", OnnxTypes.Double));
        var sum = graph.Node("Add", [graph.Node("Mul", [exact, exact]), graph.Node("Cast", [graph.Number(1)], ("to", OnnxTypes.Double))]);
        return graph.Node("Div", [z, graph.Node("Sqrt", [graph.Node("Cast", [sum], ("to", OnnxTypes.Float))])]);
    }
}
