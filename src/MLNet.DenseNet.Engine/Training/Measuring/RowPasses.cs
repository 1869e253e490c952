
namespace MLNet.DenseNet.Engine;

/// <summary>Runs rows through networks as these predict.</summary>
internal static class RowPasses
{
    private const int BatchRows = 256;

    /// <summary>Runs all rows in their order, batch by batch.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="networks">The networks.</param>
    /// <param name="use">Gets a batch and, of each network, (rows x outputs).</param>
    /// <returns>Whether these were all rows: rows that are streamed end early where training is canceled.</returns>
    public static bool Run(RowSource rows, Network[] networks, Action<MiniBatch, float[][]> use)
    {
        using var source = rows.OpenBatches(new BatchLayout(rows.TargetCount, BatchRows));
        var workspaces = Array.ConvertAll(networks, network => network.CreateWorkspace(source.Batch.MaxRows, keepsOutputs: false));
        try
        {
            source.Begin(epoch: 1);
            for (var index = 0; index < source.BatchCount; index++)
            {
                if (!source.TryTakeNext())
                    return false;
                use(source.Batch, [.. networks.Zip(workspaces, (network, workspace) => network.Forward(source.Batch.Features, workspace, training: null).ToArray())]);
            }

            return true;
        }
        finally
        {
            foreach (var workspace in workspaces)
                workspace.Dispose();
        }
    }
}
