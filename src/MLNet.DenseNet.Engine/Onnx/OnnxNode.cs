namespace MLNet.DenseNet.Engine;

/// <summary>An operation of an ONNX graph, in the standard's domain.</summary>
/// <param name="Operator">Such as "Gemm".</param>
/// <param name="Inputs">Names of values or constants; an empty one for an input that is left out.</param>
/// <param name="Outputs">Names of values; an empty one for an output that nobody needs.</param>
/// <param name="Attributes">Each a <see cref="long"/>, <see cref="float"/>, <see cref="string"/>, or an array of one of them.</param>
internal sealed record OnnxNode(string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<(string Name, object Value)> Attributes);
