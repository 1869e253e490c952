using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The size of a network, computed before memory is allocated for it.</summary>
/// <param name="ValueCount">The values of all parameters.</param>
/// <param name="BufferLength">The elements of the buffers that hold them, padding included.</param>
internal readonly record struct NetworkSizes(int ValueCount, int BufferLength)
{
    /// <exception cref="ArgumentException">A shape has no dimension, or a layer cannot take what comes before it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are more parameters, or more values a row, than one buffer holds.</exception>
    public static NetworkSizes Of(Shape inputShape, IReadOnlyList<Layer> layers)
    {
        if (inputShape.Size == 0)
            throw new ArgumentException("The input shape has no dimension.", nameof(inputShape));

        ParameterLengths lengths = default;
        var (perRow, shape, number) = (0L, inputShape, 0);
        foreach (var layer in layers)
        {
            ArgumentNullException.ThrowIfNull(layer, nameof(layers));
            if (layer is not EnsembleLayer ensemble)
            {
                Add(layer, times: 1);
                continue;
            }

            var input = shape;
            foreach (var inner in ensemble.Layers)
                Add(inner, ensemble.Members);
            perRow += EnsemblePass.Scratch(ensemble.Members, shape.Size, LayerChain.Scratch(ensemble.Layers, LayerChain.Shapes(ensemble.Layers, input))).PerRow + (long)shape.Size;
        }

        if (lengths.Total > AlignedBuffer.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(layers), FormattableString.Invariant($"The network has {lengths.Values:N0} parameters; at most {AlignedBuffer.MaxLength:N0} are possible."));
        if (perRow > AlignedBuffer.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(layers), FormattableString.Invariant($"The layers of the network have {perRow:N0} values for each row, outputs and what is kept beside them; at most {AlignedBuffer.MaxLength:N0} are possible."));
        }

        return new NetworkSizes((int)lengths.Values, (int)lengths.Total);

        void Add(Layer layer, int times)
        {
            var input = shape;
            try
            {
                shape = layer.OutputShape(input);
                lengths += ParameterLengths.Of(layer, input, times);
                perRow += times * layer.ValuesPerRow(input);
            }
            catch (ArgumentException error)
            {
                throw ShapeErrors.Of(error, FormattableString.Invariant($"Layer {number}"), layer, input, nameof(layers));
            }

            number++;
        }
    }
}
