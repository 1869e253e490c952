namespace MLNet.DenseNet.Tests.EstimatorContract;

public class ContractTests
{
    public static MatrixTheoryData<string, string> SubjectsAndConcerns => new(Subjects.Names, Contract.Concerns.Keys);

    [Theory]
    [MemberData(nameof(SubjectsAndConcerns))]
    public void Holds(string subject, string concern) => Contract.Concerns[concern](Subjects.Create(subject));
}
