namespace MLNet.DenseNet.Engine;

/// <summary>The identifiers of layer kinds in saved networks. A new kind adds a line; a line, once released, never changes.</summary>
internal static class LayerKinds
{
    private static readonly (byte Id, Type Type, Func<LayerReader, Layer> Read)[] All =
    [
        (1, typeof(DenseLayer), DenseLayer.Read),
        (2, typeof(DropoutLayer), DropoutLayer.Read),
        (3, typeof(StandardizationLayer), StandardizationLayer.Read),
        (4, typeof(EnsembleLayer), EnsembleLayer.Read),
        (5, typeof(ConvolutionLayer), ConvolutionLayer.Read),
        (6, typeof(MaxPoolingLayer), MaxPoolingLayer.Read),
        (7, typeof(AveragePoolingLayer), AveragePoolingLayer.Read),
        (8, typeof(GlobalMaxPoolingLayer), GlobalMaxPoolingLayer.Read),
        (9, typeof(GlobalAveragePoolingLayer), GlobalAveragePoolingLayer.Read),
        (10, typeof(BatchNormalizationLayer), BatchNormalizationLayer.Read),
        (11, typeof(LayerNormalizationLayer), LayerNormalizationLayer.Read),
        (12, typeof(ActivationLayer), ActivationLayer.Read),
        (13, typeof(RecurrentLayer), RecurrentLayer.Read),
        (14, typeof(LstmLayer), LstmLayer.Read),
        (15, typeof(GruLayer), GruLayer.Read),
        (16, typeof(BidirectionalLayer), BidirectionalLayer.Read),
        (17, typeof(ResidualLayer), ResidualLayer.Read),
        (18, typeof(ReshapeLayer), ReshapeLayer.Read),
        (19, typeof(EmbeddingLayer), EmbeddingLayer.Read),
        (20, typeof(NumericEmbeddingLayer), NumericEmbeddingLayer.Read),
        (21, typeof(MissingValueLayer), MissingValueLayer.Read),
        (22, typeof(WideAndDeepLayer), WideAndDeepLayer.Read),
        (23, typeof(PrincipalComponentsLayer), PrincipalComponentsLayer.Read),
    ];

    public static void Write(Layer layer, BinaryWriter writer)
    {
        writer.Write(All.Single(kind => kind.Type == layer.GetType()).Id);
        layer.Write(writer);
    }

    /// <summary>The layers inside another layer: int32 their number, then each layer: byte kind, then what that writes.</summary>
    public static void WriteInner(IReadOnlyList<Layer> layers, BinaryWriter writer)
    {
        writer.Write(layers.Count);
        foreach (var layer in layers)
            Write(layer, writer);
    }

    /// <param name="reader">At the layer's kind.</param>
    /// <param name="mayBeEnsemble">Whether an ensemble may stand here, which is only as a network's last layer. Otherwise a damaged file could hold thousands of them, or nest them without end.</param>
    public static Layer Read(LayerReader reader, bool mayBeEnsemble)
    {
        var id = reader.ReadByte();
        foreach (var kind in All)
        {
            if (kind.Id == id)
                return mayBeEnsemble || kind.Type != typeof(EnsembleLayer) ? kind.Read(reader) : throw new FormatException("The saved network has an ensemble that is not its last layer.");
        }

        throw new FormatException($"The saved network has a layer of the unknown kind {id}.");
    }

    /// <summary>Reads the layer that a bidirectional one runs. Another bidirectional one cannot stand there: a damaged file could nest them without end.</summary>
    /// <param name="reader">At the layer's kind.</param>
    public static Layer ReadSequenceLayer(LayerReader reader)
    {
        var id = reader.ReadByte();
        var kind = Array.Find(All, kind => kind.Id == id && kind.Type.IsSubclassOf(typeof(SequenceLayer)));
        return kind.Read is not null ? kind.Read(reader) : throw new FormatException($"The saved network has a bidirectional layer of the kind {id}, which is not a recurrent one.");
    }
}
