using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>What a trainer made of a network whose layers were left open: defaults depend on it.</summary>
/// <param name="EmbeddedNumbers">The numbers of a numeric embedding in front; 0 for none.</param>
/// <param name="IsForImages">Whether it has convolutions of images (<see cref="ConvolutionLayers"/>).</param>
/// <param name="IsForWords">Whether it is one of dense layers for sparse rows, which are mostly words or categories.</param>
/// <param name="IsForFewRows">Whether it is for a table of more features than rows, and more of them than can be embedded: features are weighed (<see cref="FeatureScreening"/>), and there is no hidden layer.</param>
/// <param name="IsLinear">Whether it is a linear model of the principal components of its features (<see cref="TableComponents"/>).</param>
/// <param name="HasCodes">Whether some of the embedded numbers have finer bins than others: codes, and those like them (<see cref="CodeColumns"/>).</param>
internal readonly record struct NetworkKind(int EmbeddedNumbers = 0, bool IsForImages = false, bool IsForWords = false, bool IsForFewRows = false, bool IsLinear = false, bool HasCodes = false)
{
    public bool EmbedsNumbers => EmbeddedNumbers > 0;
}
