namespace ImageFiles;

/// <summary>A file with the image of a shape, and which it is.</summary>
internal sealed class ShapeFile
{
    public string Path { get; set; } = "";

    public string Shape { get; set; } = "";
}
