using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace MLNet.DenseNet.Engine;

/// <summary>An option in words with all its constants, also those that its own text leaves out. Their order does not depend on the runtime.</summary>
internal static class ConstantsText
{
    public static string Of(object? value) => value switch
    {
        IEnumerable items and not string => $"[{string.Join(", ", items.Cast<object?>().Select(Of))}]",
        CustomLoss { ConstantsInWords: { } words } => $"{value} {{{words}}}",
        CustomLoss loss => $"{value} {{{string.Join(", ", FieldsText.Of(loss), Properties(loss))}}}",
        Loss or Optimizer or LearningRateSchedule or EarlyStopping or Augmentation => $"{value} {{{Properties(value)}}}",
        _ => Plain(value),
    };

    /// <summary>A value whose text says all of it.</summary>
    public static string Plain(object? value) => value is null ? "null" : (Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").ReplaceLineEndings("\\n");

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Options keep their public properties: by an attribute of their base classes; EarlyStopping has no other class.")]
    private static string Properties(object value) => string.Join(
        ", ",
        from property in value.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public).OrderBy(property => property.Name, StringComparer.Ordinal)
        where property.GetIndexParameters().Length == 0
        let constant = property.GetValue(value)
        // Only these are looked into: the properties of a user's own objects may lead anywhere, even back to where they began.
        select $"{property.Name} = {(constant is Loss or Optimizer or LearningRateSchedule or EarlyStopping or Augmentation ? Of(constant) : Plain(constant))}");
}
