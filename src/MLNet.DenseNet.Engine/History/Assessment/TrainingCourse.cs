namespace MLNet.DenseNet.Engine;

/// <summary>Which epochs of a training follow from one another. Annealing goes back to the weights of the best epoch: its losses say nothing of those between, nor these of it.</summary>
internal static class TrainingCourse
{
    /// <summary>The epochs before annealing, which tell whether more of them promise more.</summary>
    public static TrainingHistory BeforeAnnealing(TrainingHistory history) => FirstOfAnnealing(history) is { } first ? history.Of(history.Where(e => e.Epoch < first.Epoch)) : history;

    /// <summary>The epochs that led to the model that was kept, and those that went on from it. Where annealing made nothing better, it is left out.</summary>
    public static TrainingHistory ToModel(TrainingHistory history)
    {
        if (FirstOfAnnealing(history) is not { } first)
            return history;
        return history.RestoredEpoch < first.Epoch ? BeforeAnnealing(history) : history.Of(history.Where(e => e.Epoch <= first.AnnealedFrom || e.Epoch >= first.Epoch));
    }

    /// <summary>Null where there is none, and where too few epochs are before it to tell anything without it.</summary>
    private static EpochSummary? FirstOfAnnealing(TrainingHistory history) => history.FirstOrDefault(e => e.AnnealedFrom is not null && e.Epoch > TrainingAssessment.LeastEpochs);
}
