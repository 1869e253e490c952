using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace MLNet.DenseNet.Engine;

/// <summary>Records as text, the same in every culture. The compiler's own text follows the machine's culture, where the decimal comma of 0,5 may look like the comma between two values.</summary>
internal static class RecordText
{
    /// <summary>Such as "LayerDiagnostics { Layer = 1, GradientNorm = 0.5 }": the public properties in the order of their declaration, without those that are null.</summary>
    public static string Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(T record) where T : notnull
    {
        var values = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => (p.Name, Value: p.GetValue(record))).Where(p => p.Value is not null);
        return $"{typeof(T).Name} {{ {string.Join(", ", values.Select(p => $"{p.Name} = {Text(p.Value)}"))} }}";
    }

    private static string Text(object? value) => value switch
    {
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        string text => text,
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
        _ => value?.ToString() ?? "",
    };
}
