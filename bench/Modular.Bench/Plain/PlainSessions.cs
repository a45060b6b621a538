using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Modular.Kernel.Documents;
using Modular.Kernel.Documents.Commit;
using Modular.Kernel.Modules;
using Modular.Kernel.Web;

namespace Modular.Bench.Plain;

internal static class PlainSessions
{
    /// <summary>Gives the endpoints of the questions module sessions that commit as <paramref name="commit"/> says; all others keep the product's.</summary>
    public static void CommitQuestions(this IServiceCollection services, Func<IServiceProvider, Func<WriteSet, Appended, CancellationToken, Task>> commit) =>
        services.Replace(ServiceDescriptor.Scoped<IDocumentSession>(scope =>
        {
            var store = scope.GetRequiredService<StoreSet>()[scope.GetRequiredService<ModuleScope>().Module!];
            var requestId = scope.GetRequiredService<RequestScope>().RequestId;
            return store.Module == "questions" ? new PlainSession(store, commit(scope), requestId) : store.OpenSession(requestId);
        }));
}
