namespace MLNet.DenseNet.Engine;

/// <summary>Layers one after the other: inside another layer, or as the members of an ensemble have them.</summary>
internal static class LayerChain
{
    /// <summary>The shape before each layer, then that after the last.</summary>
    /// <exception cref="ArgumentException">A layer cannot take what comes before it; the message says which.</exception>
    public static Shape[] Shapes(IReadOnlyList<Layer> layers, Shape input)
    {
        var shapes = new Shape[layers.Count + 1];
        shapes[0] = input;
        for (var i = 0; i < layers.Count; i++)
        {
            try
            {
                shapes[i + 1] = layers[i].OutputShape(shapes[i]);
            }
            catch (ArgumentException error)
            {
                throw ShapeErrors.Inside(error, i, layers, shapes[i]);
            }
        }

        return shapes;
    }

    /// <summary>What <see cref="ChainPasses.Train"/> fills: the layers' outputs, then their caches.</summary>
    public static LayerMemory Cache(IReadOnlyList<Layer> layers, ReadOnlySpan<Shape> shapes)
    {
        LayerMemory memory = default;
        for (var i = 0; i < layers.Count; i++)
            memory += new LayerMemory(shapes[i + 1].Size) + layers[i].Cache(shapes[i]);
        return memory;
    }

    /// <summary>What all passes need: two buffers that layers write in turn, for all outputs but the last or for their gradients, then the most that a layer needs.</summary>
    public static LayerMemory Scratch(IReadOnlyList<Layer> layers, ReadOnlySpan<Shape> shapes)
    {
        var (widest, most) = (0L, default(LayerMemory));
        for (var i = 0; i < layers.Count; i++)
        {
            widest = i == 0 ? 0 : Math.Max(widest, shapes[i].Size);
            most = LayerMemory.Max(most, layers[i].Scratch(shapes[i]));
        }

        return LayerMemory.Of(2 * widest) + most;
    }
}
