namespace MLNet.DenseNet.Engine;

/// <summary>The byte layout of a saved network. Numbers are little-endian.</summary>
/// <remarks>
/// <code>
/// bytes 4    "MLDN"
/// uint16     version of the layout: 1
/// int32      number of dimensions of the input shape, then each as int32
/// int32      number of layers, then for each:
///   byte       kind (LayerKinds), then what the kind's Write says
/// int32      number of parameter values, padding not counted, then each as float32:
///            layer by layer, in an ensemble member by member; of a layer in the order in which it asks for them, row-major
/// uint32     CRC-32C of all bytes before
/// </code>
/// </remarks>
internal static class NetworkFormat
{
    private const ushort Version = 1;

    public static SavedFrame Frame { get; } = new("MLDN"u8, Version, oldest: Version)
    {
        NoSignature = "The data is not a saved network: its signature is missing.",
        OtherVersion = version => $"The saved network is of version {version}; this library reads version {Version}.",
        Damaged = how => $"The saved network is damaged: {how}.",
    };
}
