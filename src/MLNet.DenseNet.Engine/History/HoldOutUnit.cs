namespace MLNet.DenseNet.Engine;

/// <summary>What was dealt to decide which rows are held out. The values are saved.</summary>
internal enum HoldOutUnit : byte
{
    Rows = 0,

    /// <summary>Groups of rows that stay together.</summary>
    Groups = 1,

    /// <summary>Rows in the order in which they were read.</summary>
    StreamedRows = 2,
}
