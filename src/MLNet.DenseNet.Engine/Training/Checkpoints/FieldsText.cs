using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine;

/// <summary>The fields of a user's loss in words: they hold its constants, which are mostly private. Fields of the objects in them are included.</summary>
internal sealed class FieldsText
{
    // After so many objects, the fields have led out of the loss to something else.
    private const int MaxObjects = 1000;

    // A longer array is given by its checksum.
    private const int MaxListed = 32;

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);

    private FieldsText()
    {
    }

    public static string Of(CustomLoss loss) => new FieldsText().Fields(loss, isClosure: false);

    /// <summary>The fields of its own class come first, then those of base classes; of each class they are sorted by name.</summary>
    private string Fields(object value, bool isClosure)
    {
        var texts = new List<string>();
        for (var type = value.GetType(); type is not null && type != typeof(CustomLoss) && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in FieldsOf(type).OrderBy(field => field.Name, StringComparer.Ordinal))
                texts.Add($"{NameOf(field)} = {Text(field.GetValue(value), isClosure)}");
        }

        return string.Join(", ", texts);
    }

    private string Text(object? value, bool isOfClosure = false)
    {
        if (value is null or string or Type or bool or char or IFormattable and not Enum and not IEnumerable || value.GetType().IsEnum)
            return ConstantsText.Plain(value);
        if (!value.GetType().IsValueType && (!_seen.Add(value) || _seen.Count > MaxObjects))
            return "...";
        return value switch
        {
            Array { Length: > MaxListed } numbers when numbers.GetType().GetElementType()!.IsPrimitive => Checksum(numbers),
            ICollection items => $"[{string.Join(", ", items.Cast<object?>().Select(item => Text(item, isOfClosure)))}]",
            Delegate function => $"{function.Method.DeclaringType}.{function.Method.Name}{Closure(function.Target)}",
            // The contents of the framework's objects, such as random generators and locks, are no constants. Nor are other objects that a lambda captures.
            _ when !value.GetType().IsValueType && (isOfClosure || IsOfFramework(value.GetType())) => ConstantsText.Plain(value),
            _ => $"{value.GetType().Name} {{{Fields(value, isOfClosure)}}}",
        };
    }

    /// <summary>What a lambda captures.</summary>
    private string Closure(object? target) =>
        target is not null && target.GetType().IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && _seen.Add(target) ? $" {{{Fields(target, isClosure: true)}}}" : "";

    private static bool IsOfFramework(Type type) => type.Namespace is { } name && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal));

    /// <summary>The name in the source, also where the compiler made another one of it.</summary>
    private static string NameOf(FieldInfo field) => field.Name[0] == '<' ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    private static string Checksum(Array numbers)
    {
        using var stream = new ChecksumStream(Stream.Null);
        stream.Write(MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(numbers), Buffer.ByteLength(numbers)));
        return $"{numbers.Length} values, checksum {stream.Checksum:x8}";
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Losses keep their fields, by an attribute of their base class. What trimming may leave out of objects inside them is said there.")]
    private static FieldInfo[] FieldsOf(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
}
