using System.IO.Compression;
using Microsoft.ML;

namespace MLNet.DenseNet.Tests;

internal static class SavedModel
{
    /// <summary>Saves a model and loads it into another context.</summary>
    public static ITransformer Reload(ITransformer model, DataViewSchema schema, out DataViewSchema inputSchema)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.Save(model, schema, stream);
        stream.Position = 0;
        return new MLContext().Model.Load(stream, out inputSchema);
    }

    /// <inheritdoc cref="Reload(ITransformer, DataViewSchema, out DataViewSchema)"/>
    public static ITransformer Reload(ITransformer model, DataViewSchema schema) => Reload(model, schema, out _);

    /// <summary>The stream of a saved model that holds the network.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The name of the stream in it.</param>
    public static byte[] NetworkBytes(string path, out string name)
    {
        using var zip = ZipFile.OpenRead(path);
        (name, var bytes) = zip.Entries.Select(entry => (entry.FullName, ReadAll(entry))).Single(stream => stream.Item2.AsSpan().IndexOf("MLDN"u8) >= 0);
        return bytes;
    }

    /// <summary>The bytes of a stream.</summary>
    public static byte[] ReadAll(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    /// <summary>Puts other bytes in the place of a stream of a saved model.</summary>
    public static void Replace(string path, string name, byte[] bytes)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Update);
        zip.GetEntry(name)!.Delete();
        using var stream = zip.CreateEntry(name).Open();
        stream.Write(bytes);
    }
}
