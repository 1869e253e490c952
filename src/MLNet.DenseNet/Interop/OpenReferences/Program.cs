// Writes copies of assemblies in which internal means public and private protected means protected, for the compiler to
// reference. ML.NET's extension points (trainer base classes, model saving) are non-public; at run time the real
// assemblies load and IgnoresAccessChecksToAttribute grants the same access.
// Usage: OpenReferences OUTPUT_FOLDER ASSEMBLY...

using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

var folder = Directory.CreateDirectory(args[0]).FullName;
foreach (var source in args.Skip(1))
{
    var image = File.ReadAllBytes(source);
    AccessOpener.Open(image);
    File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(source)), image);
}

/// <summary>Rewrites accessibility flags in place: they sit at fixed offsets in the rows of three metadata tables.</summary>
internal static class AccessOpener
{
    // Offsets of the Flags column in a table's row: ECMA-335 II.22.37 (TypeDef), II.22.26 (MethodDef), II.22.15 (Field).
    private const int TypeFlags = 0;
    private const int MethodFlags = 6;
    private const int FieldFlags = 0;

    public static void Open(byte[] image)
    {
        using var pe = new PEReader(new MemoryStream((byte[])image.Clone()));
        var metadata = pe.GetMetadataReader();
        var start = pe.PEHeaders.MetadataStartOffset;

        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            if (IsEmittedByCompiler(metadata, type))
                continue;

            Patch(TableIndex.TypeDef, handle, TypeFlags, (int)TypeAttributes.VisibilityMask, visibility => (TypeAttributes)visibility switch
            {
                TypeAttributes.NotPublic => (int)TypeAttributes.Public,
                TypeAttributes.NestedAssembly => (int)TypeAttributes.NestedPublic,
                TypeAttributes.NestedFamANDAssem => (int)TypeAttributes.NestedFamily,
                _ => visibility,
            });
            foreach (var method in type.GetMethods())
                Patch(TableIndex.MethodDef, method, MethodFlags, (int)MethodAttributes.MemberAccessMask, OpenMember);
            foreach (var field in type.GetFields())
                Patch(TableIndex.Field, field, FieldFlags, (int)FieldAttributes.FieldAccessMask, OpenMember);
        }

        void Patch(TableIndex table, EntityHandle row, int column, int mask, Func<int, int> open)
        {
            var offset = start + metadata.GetTableMetadataOffset(table)
                + (MetadataTokens.GetRowNumber(row) - 1) * metadata.GetTableRowSize(table) + column;
            var flags = image[offset];
            image[offset] = (byte)((flags & ~mask) | open(flags & mask));
        }
    }

    // The access values of methods and fields are the same numbers (ECMA-335 II.23.1.5 and II.23.1.10).
    private static int OpenMember(int access) => (MethodAttributes)access switch
    {
        MethodAttributes.Assembly => (int)MethodAttributes.Public,
        MethodAttributes.FamANDAssem => (int)MethodAttributes.Family,
        _ => access,
    };

    // Attributes that the compiler writes into every assembly would clash if several references showed them.
    private static bool IsEmittedByCompiler(MetadataReader metadata, TypeDefinition type)
    {
        var space = metadata.GetString(type.Namespace);
        return space is "System" or "Microsoft.CodeAnalysis"
            || space.StartsWith("System.", StringComparison.Ordinal)
            || metadata.GetString(type.Name).StartsWith('<');
    }
}
