// One build at a time: each takes all cores.
[assembly: AssemblyFixture(typeof(MLNet.DenseNet.Packages.Tests.PackageFolder))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
