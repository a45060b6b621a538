using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Modular.Kernel.Web;

/// <summary>
/// Turns what goes wrong below into the one problem shape: exceptions by <see cref="ExceptionProblems"/>, and bare
/// statuses (404 of routing, 405, 415, 401 of authorization) by <see cref="StatusProblems"/>. A throwing endpoint costs its own request only.
/// </summary>
internal sealed class ProblemPages(RequestDelegate next, ILogger<ProblemPages> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (RefusedException no) when (!http.Response.HasStarted)
        {
            await no.Answer.ExecuteAsync(http);
            return;
        }
        catch (Exception error)
        {
            await AnswerAsync(http, error);
            return;
        }

        if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
            await StatusProblems.WriteAsync(http);
    }

    private Task AnswerAsync(HttpContext http, Exception error)
    {
        if (http.RequestAborted.IsCancellationRequested && error is OperationCanceledException or IOException)
        {
            log.LogDebug(error, "The client left during {Method} {Path}", http.Request.Method, http.Request.Path.Value);
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return Task.CompletedTask;
        }

        var answer = ExceptionProblems.Of(error, http);
        if (answer.Status >= 500)
            log.Log(answer.Status == 500 ? LogLevel.Error : LogLevel.Warning, error, "{Method} {Path} failed", http.Request.Method, http.Request.Path.Value);
        if (!http.Response.HasStarted)
            return Problems.WriteAsync(http, answer.Status, answer.Type, answer.Detail, answer.Fields);

        // The head is gone: a cut connection is the only honest end, a complete-looking answer would be a lie.
        if (answer.Status < 500)
            log.LogWarning(error, "{Method} {Path} failed after its answer began", http.Request.Method, http.Request.Path.Value);
        http.Features.Get<IHttpRequestLifetimeFeature>()?.Abort();
        return Task.CompletedTask;
    }
}
