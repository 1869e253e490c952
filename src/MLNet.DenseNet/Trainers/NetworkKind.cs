namespace MLNet.DenseNet;

/// <summary>What a trainer made of a network whose layers were left open: defaults depend on it.</summary>
/// <param name="EmbeddedNumbers">The numbers of a numeric embedding in front; 0 for none.</param>
/// <param name="IsForImages">Whether it has convolutions (<see cref="ImageLayers"/>).</param>
internal readonly record struct NetworkKind(int EmbeddedNumbers = 0, bool IsForImages = false)
{
    public bool EmbedsNumbers => EmbeddedNumbers > 0;
}
