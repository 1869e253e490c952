namespace MLNet.DenseNet.Engine;

/// <summary>A constant of an ONNX graph, an initializer in its terms.</summary>
/// <param name="Name">What nodes call it.</param>
/// <param name="Values">An array of <see cref="float"/> or <see cref="long"/>, row-major.</param>
/// <param name="Dimensions">Its extents; none for a single number.</param>
internal sealed record OnnxConstant(string Name, Array Values, IReadOnlyList<long> Dimensions);
