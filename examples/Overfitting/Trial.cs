using MLNet.DenseNet;

namespace Overfitting;

/// <summary>A training, and how often its model is right on the rows that it learned from, on those that chose between models, and on those that it never met.</summary>
internal sealed record Trial(string Name, TrainingHistory History, double Training, double Validation, double ValidationLoss, double Test)
{
    /// <summary>How much better the model knows its own rows than others.</summary>
    public double Gap => Training - Test;

    public static string Header => $"{"",-34} {"parameters",10} {"training",9} {"validation",10} {"test",9} {"gap",9}  verdict";

    public override string ToString() =>
        $"{Name,-34} {History.Network!.ParameterCount,10:N0} {Training,9:P1} {Validation,10:P1} {Test,9:P1} {Gap,9:P1}  {History.Verdict.Headline}";
}
