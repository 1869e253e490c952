namespace MLNet.DenseNet.Engine;

/// <summary>Errors about shapes that layers cannot take, which say which layer it is.</summary>
internal static class ShapeErrors
{
    /// <summary>Names the layer that an error came from.</summary>
    /// <param name="error">Says what the layer needs, or what would be too large.</param>
    /// <param name="name">Which layer of the network it is, or of the layers inside another one.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="input">The shape before it.</param>
    /// <param name="parameterName">The argument that the layer was given by; null inside another layer.</param>
    /// <returns>An error of the same kind. Its message has the layer's name, its text, the shape and what it needs.</returns>
    public static ArgumentException Of(ArgumentException error, string name, Layer layer, Shape input, string? parameterName = null)
    {
        var message = $"{name}, {layer}, cannot take {input}. {WithoutParameter(error.Message)}";
        return error is ArgumentOutOfRangeException ? new ArgumentOutOfRangeException(parameterName, message) : new ArgumentException(message, parameterName, error);
    }

    /// <summary>The same for one of the layers inside another.</summary>
    /// <param name="error">As above.</param>
    /// <param name="index">The layer's position there, from 0.</param>
    /// <param name="layers">All that are there.</param>
    /// <param name="input">The shape before it.</param>
    public static ArgumentException Inside(ArgumentException error, int index, IReadOnlyList<Layer> layers, Shape input) =>
        Of(error, FormattableString.Invariant($"Its layer {index + 1} of {layers.Count}"), layers[index], input);

    /// <summary>Cut before the name of the engine's parameter, which the caller has never seen.</summary>
    public static string WithoutParameter(string message) => message.Split(" (Parameter '")[0];
}
