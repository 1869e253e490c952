namespace MLNet.DenseNet.Engine;

/// <summary>What an option's value must be.</summary>
/// <typeparam name="TOptions">The class of the options.</typeparam>
/// <param name="Option">The option's name.</param>
/// <param name="Requirement">What is required, to follow "it must".</param>
/// <param name="Value">The option's value.</param>
/// <param name="IsMet">Whether the value is what is required.</param>
internal sealed record OptionRange<TOptions>(string Option, string Requirement, Func<TOptions, object?> Value, Func<TOptions, bool> IsMet)
{
    /// <summary>Refuses a value outside the range.</summary>
    /// <param name="options">Where the value stands.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range; the message names the option, the value and the range.</exception>
    public void Check(TOptions options) => TrainingOptions.Check(IsMet(options), Option, Value(options), Requirement);
}
