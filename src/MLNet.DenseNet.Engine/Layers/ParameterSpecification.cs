namespace MLNet.DenseNet.Engine;

/// <summary>A parameter that a layer asks for.</summary>
/// <param name="Name">What the layer calls it.</param>
/// <param name="Shape">Its dimensions, of any rank.</param>
/// <param name="IsDecayed">Whether weight decay applies.</param>
/// <param name="Role">What changes its values.</param>
internal readonly record struct ParameterSpecification(string Name, Shape Shape, bool IsDecayed, ParameterRole Role = ParameterRole.Trained);
