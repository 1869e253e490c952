namespace MLNet.DenseNet.Engine.Tests.Persistence;

/// <summary>Saved bytes as accidents and attackers leave them.</summary>
internal static class Mutations
{
    // As lengths, counts and numbers they go furthest.
    private static readonly byte[][] Extremes =
    [
        [0x00, 0x00, 0x00, 0x00], [0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [0x00, 0x00, 0x00, 0x80], [0x00, 0x00, 0xc0, 0x7f], [0x00, 0x00, 0x80, 0x7f], [0x00, 0x00, 0xf0, 0xff],
    ];

    /// <summary>One to three changes: bytes set, inserted, removed, repeated, cut off or added, most of them with a checksum that fits.</summary>
    public static byte[] Next(byte[] saved, Random random)
    {
        var bytes = saved.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var position = random.Next(bytes.Count);
            switch (random.Next(8))
            {
                case 0 or 1:
                    bytes[position] = (byte)random.Next(256);
                    break;
                case 2 or 3:
                    foreach (var value in Extremes[random.Next(Extremes.Length)].Take(bytes.Count - position))
                        bytes[position++] = value;
                    break;
                case 4:
                    bytes.Insert(position, (byte)random.Next(256));
                    break;
                case 5:
                    bytes.RemoveRange(position, Math.Min(bytes.Count - position, random.Next(1, 9)));
                    break;
                case 6:
                    bytes.InsertRange(position, bytes.GetRange(position, Math.Min(bytes.Count - position, random.Next(1, 9))));
                    break;
                default:
                    bytes.RemoveRange(position, random.Next(4) == 0 ? bytes.Count - position : 0);
                    break;
            }

            if (bytes.Count == 0)
                bytes.Add(0);
        }

        return random.Next(4) > 0 && bytes.Count >= sizeof(uint) ? SavedNetworks.WithRightChecksum([.. bytes]) : [.. bytes];
    }
}
