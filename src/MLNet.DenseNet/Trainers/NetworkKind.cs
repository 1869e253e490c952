namespace MLNet.DenseNet;

/// <summary>What a trainer made of a network whose layers were left open: defaults depend on it.</summary>
internal enum NetworkKind
{
    /// <summary>Dense layers on the features, or layers of the user's own.</summary>
    Plain,

    /// <summary>A numeric embedding in front of dense layers.</summary>
    EmbeddedNumbers,

    /// <summary>Convolutions (<see cref="ImageLayers"/>).</summary>
    Images,
}
