"""Addresses of `review`."""

from __future__ import annotations

from django.urls import path

from bot.console.review.views import agreement, assign, questions, queues, turns

urlpatterns = [
    path("", queues.overview, name="review"),
    path("agreement/", agreement.agreement_page, name="review_agreement"),
    path("questions/", questions.listing, name="review_questions"),
    path("questions/<int:number>/delete/", questions.delete, name="review_question_delete"),
    path("assign/<str:sender>/", assign.assign, name="review_assign"),
    path("turn/<int:number>/", turns.turn, name="review_turn"),
    path("turn/<int:number>/judge/", turns.judge, name="review_judge"),
    path("turn/<int:number>/meant/", turns.meant, name="review_meant"),
    path("turn/<int:number>/records/", turns.records, name="review_records"),
    path("turn/<int:number>/tag/", turns.tag, name="review_tag"),
    path("turn/<int:number>/question/", questions.add, name="review_question_add"),
    path("<str:queue>/", queues.queue_page, name="review_queue"),
]
