namespace MLNet.DenseNet.Engine;

/// <summary>An array that a layer asks for.</summary>
/// <param name="Name">What the layer calls it.</param>
/// <param name="Shape">Its extent.</param>
/// <param name="IsDecayed">Whether weight decay applies.</param>
/// <param name="IsTrained">Whether gradient descent changes it; statistics of the data, which are set once, are not trained.</param>
internal readonly record struct ParameterSpecification(string Name, Shape Shape, bool IsDecayed, bool IsTrained = true);
