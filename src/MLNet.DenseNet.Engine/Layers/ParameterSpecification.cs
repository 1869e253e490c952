namespace MLNet.DenseNet.Engine;

/// <summary>A trained array that a layer asks for.</summary>
/// <param name="Name">What the layer calls it.</param>
/// <param name="Shape">Its extent.</param>
/// <param name="IsDecayed">Whether weight decay applies.</param>
internal readonly record struct ParameterSpecification(string Name, Shape Shape, bool IsDecayed);
