namespace MLNet.DenseNet.Engine;

/// <summary>The identifiers of layer kinds in saved networks. A new kind adds a line; a line, once released, never changes.</summary>
internal static class LayerKinds
{
    private static readonly (byte Id, Type Type, Func<BinaryReader, Layer> Read)[] All =
    [
        (1, typeof(DenseLayer), DenseLayer.Read),
        (2, typeof(DropoutLayer), DropoutLayer.Read),
        (3, typeof(StandardizationLayer), StandardizationLayer.Read),
    ];

    public static void Write(Layer layer, BinaryWriter writer)
    {
        writer.Write(All.Single(kind => kind.Type == layer.GetType()).Id);
        layer.Write(writer);
    }

    public static Layer Read(BinaryReader reader)
    {
        var id = reader.ReadByte();
        foreach (var kind in All)
        {
            if (kind.Id == id)
                return kind.Read(reader);
        }

        throw new FormatException($"The saved network has a layer of the unknown kind {id}.");
    }
}
