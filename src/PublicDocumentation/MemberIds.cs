using System.Reflection;
using System.Reflection.Metadata;

namespace PublicDocumentation;

/// <summary>The names that documentation files call types and members by: annex D of the C# specification.</summary>
internal sealed class MemberIds
{
    private static readonly TypeNames Names = new();
    private readonly MetadataReader _metadata;
    private readonly Dictionary<string, bool> _visible = [];

    public MemberIds(MetadataReader metadata)
    {
        _metadata = metadata;
        foreach (var type in metadata.TypeDefinitions)
            Add(type);
    }

    /// <summary>All types and members, and whether code outside the assembly can see them: public and protected ones of types that it sees.</summary>
    public IReadOnlyDictionary<string, bool> Visible => _visible;

    private void Add(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        var name = Names.GetTypeFromDefinition(_metadata, handle, 0);
        var isVisible = IsVisible(type);
        _visible[$"T:{name}"] = isVisible;

        foreach (var field in type.GetFields().Select(_metadata.GetFieldDefinition))
            _visible[$"F:{name}.{Text(field.Name)}"] = isVisible && IsVisible((MethodAttributes)field.Attributes);
        foreach (var method in type.GetMethods().Select(_metadata.GetMethodDefinition))
            _visible[$"M:{name}.{Text(method.Name)}{Signature(method)}"] = isVisible && IsVisible(method.Attributes);
        foreach (var property in type.GetProperties().Select(_metadata.GetPropertyDefinition))
            _visible[$"P:{name}.{Text(property.Name)}{Parameters(property.DecodeSignature(Names, null))}"] = isVisible && IsVisible(property.GetAccessors().Getter, property.GetAccessors().Setter);
        foreach (var occurrence in type.GetEvents().Select(_metadata.GetEventDefinition))
            _visible[$"E:{name}.{Text(occurrence.Name)}"] = isVisible && IsVisible(occurrence.GetAccessors().Adder);
    }

    private string Text(StringHandle handle) => _metadata.GetString(handle).Replace('.', '#').Replace('<', '{').Replace('>', '}').Replace(',', '@');

    private string Signature(MethodDefinition method)
    {
        var signature = method.DecodeSignature(Names, null);
        var arity = signature.GenericParameterCount == 0 ? "" : $"``{signature.GenericParameterCount}";
        var isConversion = _metadata.GetString(method.Name) is "op_Implicit" or "op_Explicit";
        return arity + Parameters(signature) + (isConversion ? $"~{signature.ReturnType}" : "");
    }

    private static string Parameters(MethodSignature<string> signature) => signature.ParameterTypes.IsEmpty ? "" : $"({string.Join(',', signature.ParameterTypes)})";

    private bool IsVisible(TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem => IsVisible(_metadata.GetTypeDefinition(type.GetDeclaringType())),
        _ => false,
    };

    private bool IsVisible(params ReadOnlySpan<MethodDefinitionHandle> accessors)
    {
        foreach (var accessor in accessors)
        {
            if (!accessor.IsNil && IsVisible(_metadata.GetMethodDefinition(accessor).Attributes))
                return true;
        }

        return false;
    }

    // The access values of fields are the same numbers (ECMA-335 II.23.1.5 and II.23.1.10).
    private static bool IsVisible(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;
}
