namespace MLNet.DenseNet.Engine.Tests.History;

/// <summary>Histories as bytes, and back.</summary>
internal static class SavedHistories
{
    public static byte[] Save(TrainingHistory history)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
            TrainingHistoryWriter.Write(history, writer);
        return stream.ToArray();
    }

    public static TrainingHistory Load(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return TrainingHistoryReader.Read(reader);
    }
}
